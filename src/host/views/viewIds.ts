/** The training view of the side panel, as the manifest names it. */
export const trainingViewId = 'gradientDescent.training';
/** The training view as an editor. */
export const trainingPanelType = 'gradientDescent.panel';
/** A comparison of runs as an editor. */
export const comparePanelType = 'gradientDescent.compare';
/** The list of runs, as the manifest names it. */
export const runsViewId = 'gradientDescent.runs';

/** A hidden page stays as it is, so that it is back at once. Built anew it takes several times as long (`npm run bench -- comeback`). */
export const keptWhenHidden = { retainContextWhenHidden: true };
