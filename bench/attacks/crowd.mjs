export const options = {}; export async function* run() {}
