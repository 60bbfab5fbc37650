export function findNodeProblem(version: string): string | null
export function checkNode(): void
