export * from './linear';
export { addNet, backwardNet, forwardNet } from './net';
export { chooseLoss } from './netLosses';
export { trainNet } from './netTraining';
export { packNet, placeNet, unpackNet } from './netMemory';
