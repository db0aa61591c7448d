/** How a text is divided into parts that are taken as a whole. */
export type Partition = 'words' | 'lines';
