-- AlterTable
ALTER TABLE "users" ADD COLUMN     "email" TEXT,
ADD COLUMN     "last_sign_in_at_ms" BIGINT,
ADD COLUMN     "last_visit_at_ms" BIGINT,
ADD COLUMN     "must_change_password" BOOLEAN,
ADD COLUMN     "oidc_issuer" TEXT,
ADD COLUMN     "oidc_subject" TEXT,
ADD COLUMN     "session_epoch" INTEGER;

-- AlterTable
ALTER TABLE "keys" ADD COLUMN     "capture" BOOLEAN,
ADD COLUMN     "purpose" TEXT;

-- AlterTable
ALTER TABLE "frontends" ADD COLUMN     "capture" BOOLEAN;

-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "updated_by" TEXT;

-- CreateTable
CREATE TABLE "sign_ins" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "reason" TEXT,
    "address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "sign_ins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "teams" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "models" TEXT NOT NULL,
    "rate_limit" TEXT,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_members" (
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "is_admin" BOOLEAN NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "team_members_pkey" PRIMARY KEY ("team_id","user_id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "user_name" TEXT,
    "email" TEXT,
    "role" TEXT NOT NULL,
    "teams" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "expires_at_ms" BIGINT NOT NULL,
    "accepted_at_ms" BIGINT,
    "accepted_user_id" TEXT,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "captured_content" (
    "record_id" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "prompt" TEXT,
    "response" TEXT,
    "prompt_truncated" BOOLEAN NOT NULL,
    "response_truncated" BOOLEAN NOT NULL,

    CONSTRAINT "captured_content_pkey" PRIMARY KEY ("record_id")
);

-- CreateTable
CREATE TABLE "model_jobs" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "target_name" TEXT,
    "options" TEXT,
    "state" TEXT NOT NULL,
    "cancel_requested" BOOLEAN NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_by_user_id" TEXT,
    "lease_node" TEXT,
    "lease_until_ms" BIGINT,
    "created_at_ms" BIGINT NOT NULL,
    "updated_at_ms" BIGINT NOT NULL,
    "ended_at_ms" BIGINT,

    CONSTRAINT "model_jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_job_backends" (
    "job_id" TEXT NOT NULL,
    "backend_id" TEXT NOT NULL,
    "backend_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cancel_requested" BOOLEAN NOT NULL,
    "attempts" INTEGER NOT NULL,
    "progress" TEXT,
    "error" TEXT,
    "started_at_ms" BIGINT,
    "updated_at_ms" BIGINT NOT NULL,
    "ended_at_ms" BIGINT,

    CONSTRAINT "model_job_backends_pkey" PRIMARY KEY ("job_id","backend_id")
);

-- CreateTable
CREATE TABLE "stop_requests" (
    "exchange_id" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_by_user_id" TEXT,

    CONSTRAINT "stop_requests_pkey" PRIMARY KEY ("exchange_id")
);

-- CreateTable
CREATE TABLE "backend_events" (
    "id" TEXT NOT NULL,
    "backend_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "health" TEXT NOT NULL,
    "error" TEXT,

    CONSTRAINT "backend_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sign_ins_user_id_at_ms_idx" ON "sign_ins"("user_id", "at_ms");

-- CreateIndex
CREATE UNIQUE INDEX "teams_name_key" ON "teams"("name");

-- CreateIndex
CREATE INDEX "team_members_user_id_idx" ON "team_members"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_digest_key" ON "invitations"("digest");

-- CreateIndex
CREATE INDEX "invitations_expires_at_ms_idx" ON "invitations"("expires_at_ms");

-- CreateIndex
CREATE INDEX "captured_content_at_ms_idx" ON "captured_content"("at_ms");

-- CreateIndex
CREATE INDEX "model_jobs_state_lease_until_ms_idx" ON "model_jobs"("state", "lease_until_ms");

-- CreateIndex
CREATE INDEX "model_jobs_created_at_ms_idx" ON "model_jobs"("created_at_ms");

-- CreateIndex
CREATE INDEX "model_job_backends_backend_id_idx" ON "model_job_backends"("backend_id");

-- CreateIndex
CREATE INDEX "stop_requests_at_ms_idx" ON "stop_requests"("at_ms");

-- CreateIndex
CREATE INDEX "backend_events_backend_id_at_ms_idx" ON "backend_events"("backend_id", "at_ms");

-- CreateIndex
CREATE INDEX "backend_events_at_ms_idx" ON "backend_events"("at_ms");

-- CreateIndex
CREATE UNIQUE INDEX "users_oidc_issuer_oidc_subject_key" ON "users"("oidc_issuer", "oidc_subject");

-- CreateIndex
CREATE INDEX "audit_actor_user_id_id_idx" ON "audit"("actor_user_id", "id");

-- CreateIndex
CREATE INDEX "audit_actor_id_idx" ON "audit"("actor", "id");

-- CreateIndex
CREATE INDEX "audit_action_id_idx" ON "audit"("action", "id");

-- CreateIndex
CREATE INDEX "audit_target_kind_target_id_id_idx" ON "audit"("target_kind", "target_id", "id");

-- AddForeignKey
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_job_backends" ADD CONSTRAINT "model_job_backends_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "model_jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
