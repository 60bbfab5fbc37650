import type { Cellar } from './cellar'
import type { Database } from './contract'
import type { FunctionName } from './function-names'
import { migrate } from './migrate'
import { createAddressRule, listAddressRules, removeAddressRule } from './queries/address-rules'
import { createAlias, listAliases, removeAlias, updateAlias } from './queries/aliases'
import { createAssignment, listAssignments, removeAssignment } from './queries/assignments'
import { listAudit } from './queries/audit'
import { searchAudit } from './queries/audit-search'
import {
  createBackend,
  findBackendByName,
  listBackends,
  removeBackend,
  updateBackend,
} from './queries/backends'
import {
  hasCapturedContent,
  pruneCapturedContent,
  readCapturedContent,
  storeCapturedContent,
} from './queries/captured-content'
import { listCatalogue, replaceCatalogue } from './queries/catalogue'
import { backupDatabase, readDatabaseFacts } from './queries/database-facts'
import { ensureDefaultFrontend, listFrontends, updateFrontend } from './queries/frontends'
import { readGatewayConfig, readRevision } from './queries/gateway-config'
import { forgetJournalSegments, ingestJournalSegment } from './queries/ingest'
import {
  acceptInvitation,
  createInvitation,
  findInvitationByDigest,
  listInvitations,
  removeInvitation,
} from './queries/invitations'
import {
  createKey,
  findKey,
  findKeyWithSecretDigestsByPrefix,
  hasCapturingKey,
  listKeys,
  mintPlaygroundSecret,
  replaceSecretDigest,
  rotateKey,
  touchKeys,
  updateKey,
} from './queries/keys'
import {
  createMemoryRule,
  listMemoryRules,
  orderMemoryRules,
  removeMemoryRule,
  updateMemoryRule,
} from './queries/memory-rules'
import { exchangeModelJobNews, releaseModelJobs } from './queries/model-job-news'
import {
  cancelModelJob,
  createModelJob,
  findModelJob,
  listModelJobs,
  pruneModelJobs,
  resumeModelJob,
} from './queries/model-jobs'
import { listBackendEvents, listNodeReports, writeNodeReport } from './queries/nodes'
import { pruneRollups, rerollDays } from './queries/rollups'
import { listSettingChanges, readSettings, writeSettings } from './queries/settings'
import {
  endUserSessions,
  findSessionUser,
  findUserByOidc,
  findUserWithPasswordHash,
  linkUserToOidc,
  listSignIns,
  recordSignIn,
  replaceUserPasswordHash,
  touchUserVisit,
  updateUserPasswordHash,
} from './queries/sign-in'
import { createStopRequest, readChanges } from './queries/stop-requests'
import {
  createTeam,
  findTeam,
  listTeamMemberships,
  listTeams,
  removeTeam,
  removeTeamMember,
  setTeamMember,
  updateTeam,
} from './queries/teams'
import { countUsageValues, readUsageBuckets } from './queries/usage-buckets'
import { listUsageHits } from './queries/usage-hits'
import { findUsageRecord, listUsageRecords, pruneUsageRecords } from './queries/usage-records'
import { reportUsage } from './queries/usage-report'
import { findLastErrors, searchUsageRecords } from './queries/usage-search'
import {
  countUsers,
  createUser,
  findUser,
  findUserByName,
  listUsers,
  removeUser,
  updateUser,
} from './queries/users'

type Functions = {
  [Name in FunctionName]: (
    cellar: Cellar,
    ...args: Parameters<Database[Name]>
  ) => ReturnType<Database[Name]>
}

/** What the worker answers, by the names of the contract. */
export const functions: Functions = {
  migrate,
  readRevision,
  readGatewayConfig,
  listUsers,
  findUserByName,
  countUsers,
  createUser,
  updateUser,
  updateUserPasswordHash,
  removeUser,
  findUser,
  replaceUserPasswordHash,
  endUserSessions,
  findSessionUser,
  findUserWithPasswordHash,
  findUserByOidc,
  linkUserToOidc,
  recordSignIn,
  listSignIns,
  touchUserVisit,
  listTeams,
  findTeam,
  createTeam,
  updateTeam,
  removeTeam,
  listTeamMemberships,
  setTeamMember,
  removeTeamMember,
  listInvitations,
  findInvitationByDigest,
  createInvitation,
  removeInvitation,
  acceptInvitation,
  hasCapturingKey,
  listKeys,
  findKey,
  findKeyWithSecretDigestsByPrefix,
  createKey,
  updateKey,
  rotateKey,
  mintPlaygroundSecret,
  replaceSecretDigest,
  touchKeys,
  listBackends,
  findBackendByName,
  createBackend,
  updateBackend,
  removeBackend,
  listFrontends,
  updateFrontend,
  ensureDefaultFrontend,
  listAliases,
  createAlias,
  updateAlias,
  removeAlias,
  listAssignments,
  createAssignment,
  removeAssignment,
  listMemoryRules,
  createMemoryRule,
  updateMemoryRule,
  orderMemoryRules,
  removeMemoryRule,
  listAddressRules,
  createAddressRule,
  removeAddressRule,
  readSettings,
  listSettingChanges,
  writeSettings,
  listAudit,
  writeNodeReport,
  listNodeReports,
  replaceCatalogue,
  listCatalogue,
  ingestJournalSegment,
  forgetJournalSegments,
  listUsageRecords,
  findUsageRecord,
  reportUsage,
  pruneUsageRecords,
  pruneRollups,
  rerollDays,
  readUsageBuckets,
  countUsageValues,
  searchUsageRecords,
  findLastErrors,
  listUsageHits,
  searchAudit,
  listBackendEvents,
  readDatabaseFacts,
  backupDatabase,
  readChanges,
  createStopRequest,
  storeCapturedContent,
  hasCapturedContent,
  readCapturedContent,
  pruneCapturedContent,
  createModelJob,
  cancelModelJob,
  resumeModelJob,
  findModelJob,
  listModelJobs,
  exchangeModelJobNews,
  releaseModelJobs,
  pruneModelJobs,
}
