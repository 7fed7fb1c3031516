/**
 * What packs and unpacks deflated bytes. Import it when something is packed: it sets up tables as it loads, which takes longer
 * than many a run.
 */
export { Gunzip, inflateSync, zipSync } from 'fflate/browser';
