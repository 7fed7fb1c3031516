import { expect, it } from 'vitest';
import { JsonPlaces } from '../../../src/data/json/jsonPlaces';

it('places in a text that ends before its brackets are closed are looked for, not for ever', () => {
  const places = new JsonPlaces('{"a": [1, "b}, "c": 2');
  expect(places.keyOrder([])).toEqual(['a']);
});
