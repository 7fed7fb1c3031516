import type { CompareMessage, CompareRequest, CompareUpdate } from '../src/compare/messages';
import { restoreNumbers } from '../src/protocol/postedNumbers';
import { ComparePage, type CompareChoices } from './compare/comparePage';
import { onThemeChange } from './page/theme';
import { registerControls } from './page/toolkit';

registerControls();
const api = acquireVsCodeApi<CompareChoices & { ids?: string[] }>();
const post = (request: CompareRequest): void => api.postMessage({ request } satisfies CompareMessage);
const page = new ComparePage(post, api.getState() ?? {}, (choices) => api.setState({ ...api.getState(), ...choices }));
document.getElementById('app')!.replaceChildren(page.element);
window.addEventListener('message', ({ data }: MessageEvent<CompareUpdate>) => {
  page.receive(restoreNumbers(data));
  requestAnimationFrame(() => {
    page.draw();
    post({ type: 'drawn', update: data.update });
  });
  // The window may be reloaded, which has the host ask for the same runs.
  api.setState({ ...api.getState(), ids: data.chosen });
});
onThemeChange(() => page.themeChanged());
post({ type: 'ready' });
