import { linearOf } from '../src/protocol/outputs';
import { connectHost } from './page/connectHost';
import { ExactEpochs } from './page/exactEpochs';
import { Questions } from './page/questions';
import { Sight } from './page/sight';
import { Store, type View } from './page/store';
import { onThemeChange } from './page/theme';
import { registerControls } from './page/toolkit';
import { viewed } from './page/viewedRun';
import { Announcer } from './head/announcer';
import { DataView } from './data/dataView';
import { Disclosures } from './page/disclosures';
import { EmptyView } from './head/empty';
import { HeadView } from './head/head';
import { LandscapeView } from './landscape/landscape';
import { LossView } from './loss/loss';
import { NetworkView } from './network/network';
import { MistakesView } from './whatIf/mistakes';
import { PredictionsView } from './predictions/predictions';
import { StepView } from './step/step';
import { SurfaceView, hasSurface } from './surface/surface';
import { TimelineView } from './timeline/timeline';
import { WeightsView } from './weights/weights';
import { WhyView } from './why/why';

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
const head = new HeadView(host, questions.ask, () => store.schedule());
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
const why = new WhyView(host, questions.ask, () => store.schedule());
const step = new StepView(questions.ask, () => store.schedule());
const network = new NetworkView(
  questions.ask,
  () => store.schedule(),
  (layer, unit) => step.follow(layer, unit),
);
const surface = new SurfaceView(host, questions.ask, () => store.schedule());
const landscape = new LandscapeView(host, questions.ask, () => store.schedule());
const mistakes = new MistakesView(
  questions.ask,
  () => store.schedule(),
  (overlays) => loss.showOverlays(overlays),
);
const data = new DataView(questions.ask, () => store.schedule());
// The timeline stays in sight below the others.
const views: View[] = [loss, network, surface, weights, why, landscape, step, mistakes, predictions, data, timeline];
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
  const shape = run?.shape;
  for (const view of views) view.element.hidden = !shape;
  network.element.hidden ||= !shape || linearOf(shape) !== undefined;
  surface.element.hidden ||= !shape || !hasSurface(shape);
  if (!run) return;
  const model = viewed(run, store.viewedEpoch);
  const { generation } = store;
  head.render(run, model, generation);
  if (run.shape) {
    disclosures.render();
    const isAllDrawn = run.status !== 'running' || generation !== drawnGeneration;
    for (const view of views) {
      if (!view.element.hidden && disclosures.isDrawn(view.element) && (isAllDrawn || sight.isDue(view.element)))
        view.render(run, model, generation);
    }
    drawnGeneration = generation;
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
  else if (update.type === 'compared') loss.showCompared(update.run);
  else if (update.type === 'offers') empty.offer(update.files);
  else store.receive(update);
});
onThemeChange(() => {
  for (const view of views) view.themeChanged?.();
  store.schedule();
});
window.addEventListener('resize', () => store.schedule());
askForSnapshot();
