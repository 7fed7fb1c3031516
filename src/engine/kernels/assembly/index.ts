export { begin, end } from './batch';
export { addMse, beginMse, help, stepMse } from './chunks';
export { place, shape, touched } from './memory';
export { sgdMse } from './mse';
export { backward, forward } from './passes';
export { placeState, prepare, shuffle } from './shuffle';
