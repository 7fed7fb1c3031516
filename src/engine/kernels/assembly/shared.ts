export * from './index';
export { helpNet, placeStages, rested } from './netShared';
