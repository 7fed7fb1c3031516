/** What is wrong with a parquet file or a column of it, in words that end a message. */
export class ParquetFault extends Error {}
