import { connectHost } from './connectHost';
import { ExactEpochs } from './exactEpochs';
import { Questions } from './questions';
import { Sight } from './sight';
import { Store } from './store';
import { onThemeChange } from './theme';
import { registerControls } from './toolkit';
import { viewed } from './viewedRun';
import { Announcer } from './views/announcer';
import { DataView } from './views/dataView';
import { Disclosures } from './views/disclosures';
import { EmptyView } from './views/empty';
import { HeadView } from './views/head';
import { LandscapeView } from './views/landscape';
import { LossView } from './views/loss';
import { MistakesView } from './views/mistakes';
import { PredictionsView } from './views/predictions';
import { StepView } from './views/step';
import { TimelineView } from './views/timeline';
import { WeightsView } from './views/weights';
import { WhyView } from './views/why';

registerControls();
const app = document.getElementById('app')!;
const host = connectHost(
  (action) => {
    if (action === 'step') disclosures.open('step');
  },
  () => store.run?.identity.id,
);
const store = new Store(draw, (update) => host.post({ type: 'drawn', update }), askForSnapshot);

const questions = new Questions((request) => host.post(request));

const exact = new ExactEpochs(questions.ask, () => store.schedule());

const announcer = new Announcer();
const empty = new EmptyView(host);
const head = new HeadView(host);
const timeline = new TimelineView(host, exact, (epoch) => store.view(epoch));
const loss = new LossView(
  host,
  () => store.schedule(),
  questions.ask,
  exact,
  (epochs) => timeline.goTo(epochs),
);
const weights = new WeightsView(() => store.schedule());
const predictions = new PredictionsView(host, questions.ask, () => store.schedule());
const why = new WhyView(host);
const step = new StepView(questions.ask, () => store.schedule());
const landscape = new LandscapeView(host, questions.ask, () => store.schedule());
const mistakes = new MistakesView(
  questions.ask,
  () => store.schedule(),
  (overlays) => loss.showOverlays(overlays),
);
const data = new DataView(questions.ask, () => store.schedule());
// The timeline stays in sight below the others.
const views = [loss, weights, why, landscape, step, mistakes, predictions, data, timeline];
const disclosures = new Disclosures(
  host,
  views.map((view) => view.element),
  () => store.schedule(),
);
const sight = new Sight(
  views.map((view) => view.element),
  () => store.schedule(),
);
/** What the host wrote of the run, on top of the live page until that is drawn. */
let staticPage = document.getElementById('static-page');
/** Of the snapshot that all views have drawn; see `Store.generation`. */
let drawnGeneration = -1;

app.replaceChildren(empty.element, head.element, ...views.map((view) => view.element), announcer.element);
for (const part of app.children) (part as HTMLElement).hidden = part !== announcer.element;

function draw(): void {
  const { run } = store;
  if (run === undefined) return;
  // Charts know their size in the frame after the first one.
  if (staticPage) requestAnimationFrame(() => requestAnimationFrame(dropStaticPage));
  empty.element.hidden = run !== null;
  head.element.hidden = run === null;
  for (const view of views) view.element.hidden = !run?.shape;
  if (!run) return;
  head.render(run);
  if (run.shape) {
    predictions.generation = store.generation;
    landscape.generation = store.generation;
    step.generation = store.generation;
    data.generation = store.generation;
    const model = viewed(run, store.viewedEpoch);
    disclosures.render();
    const isAllDrawn = run.status !== 'running' || store.generation !== drawnGeneration;
    for (const view of views) {
      if (disclosures.isDrawn(view.element) && (isAllDrawn || sight.isDue(view.element))) view.render(run, model);
    }
    drawnGeneration = store.generation;
  }
  announcer.render(run);
}

function askForSnapshot(): void {
  // When it was loaded tells this page from the one that was here before.
  host.post({ type: 'ready', page: performance.timeOrigin });
}

function dropStaticPage(): void {
  staticPage?.remove();
  staticPage = null;
}

host.listen((update) => {
  if (update.type === 'answer' || update.type === 'askFailed') questions.receive(update);
  else store.receive(update);
});
onThemeChange(() => {
  loss.themeChanged();
  predictions.plot.themeChanged();
  landscape.themeChanged();
  store.schedule();
});
window.addEventListener('resize', () => store.schedule());
askForSnapshot();
