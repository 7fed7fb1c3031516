export * from './linear';
export { addNet, backwardNet, forwardNet, trainNet } from './net';
export { chooseLoss } from './netLosses';
export { packNet, placeNet, unpackNet } from './netMemory';
