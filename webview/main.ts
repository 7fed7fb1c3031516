import { connectHost } from './connectHost';
import { Questions } from './questions';
import { Store } from './store';
import { onThemeChange } from './theme';
import { registerControls } from './toolkit';
import { Announcer } from './views/announcer';
import { EmptyView } from './views/empty';
import { HeadView } from './views/head';
import { LossView } from './views/loss';
import { MistakesView } from './views/mistakes';
import { PredictionsView } from './views/predictions';
import { StepView } from './views/step';
import { WeightsView } from './views/weights';

registerControls();
const app = document.getElementById('app')!;
const host = connectHost();
const store = new Store(draw, () => host.post({ type: 'ready' }));

const questions = new Questions((request) => host.post(request));

const announcer = new Announcer();
const empty = new EmptyView(host);
const head = new HeadView(host);
const loss = new LossView(host, () => store.schedule());
const weights = new WeightsView(() => store.schedule());
const predictions = new PredictionsView(host, questions.ask, () => store.schedule());
const step = new StepView(questions.ask, () => store.schedule());
const mistakes = new MistakesView(
  questions.ask,
  () => store.schedule(),
  (overlays) => loss.showOverlays(overlays),
);
const sections = [loss, weights, step, mistakes, predictions];

app.replaceChildren(empty.element, head.element, ...sections.map((view) => view.element), announcer.element);
for (const part of app.children) (part as HTMLElement).hidden = part !== announcer.element;

function draw(): void {
  const { run } = store;
  if (run === undefined) return;
  empty.element.hidden = run !== null;
  head.element.hidden = run === null;
  for (const view of sections) view.element.hidden = !run?.shape;
  if (!run) return;
  head.render(run);
  if (run.shape) {
    predictions.generation = store.generation;
    step.generation = store.generation;
    for (const view of sections) view.render(run);
  }
  announcer.render(run);
}

host.listen((update) => {
  if (update.type === 'answer' || update.type === 'askFailed') questions.receive(update);
  else store.receive(update);
});
onThemeChange(() => {
  loss.themeChanged();
  store.schedule();
});
window.addEventListener('resize', () => store.schedule());
host.post({ type: 'ready' });
