export { begin, end } from './batch';
export { addMse, beginMse, help, stepMse } from './chunks';
export { place, shape, touched } from './memory';
export { backward, forward } from './passes';
export { addMultiples, multiplyRows } from './products';
export { sgdMse } from './sgd';
export { placeState, prepare, shuffle } from './shuffle';
