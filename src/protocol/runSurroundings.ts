/** What has become of the files that a run was made from: names of those that are gone, or of data saved after it read them. */
export interface RunSurroundings {
  goneConfig?: string;
  goneData?: string;
  newerData?: string;
}
