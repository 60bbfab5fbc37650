/** Runs once before every test: what tests need built is built here. */
export default async function setup(): Promise<void> {}
