/** Is run before each file, while its imports are shared by all files of a worker, so that testers are added once. */
import './helpers/quickEquality';
