export { begin, end } from './batch';
export { place, shape, touched } from './memory';
export { addMse, sgdMse, stepMse } from './mse';
export { backward, forward } from './passes';
export { placeState, prepare, shuffle } from './shuffle';
