-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "rate_limit" TEXT,
    "password_hash" TEXT,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keys" (
    "id" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "permissions" TEXT NOT NULL,
    "models" TEXT NOT NULL,
    "frontends" TEXT,
    "networks" TEXT NOT NULL,
    "rate_limit" TEXT,
    "expires_at_ms" BIGINT,
    "owner_id" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "last_used_at_ms" BIGINT,

    CONSTRAINT "keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "key_secrets" (
    "id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "valid_until_ms" BIGINT,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "key_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backends" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_credential" TEXT,
    "priority" INTEGER NOT NULL,
    "weight" INTEGER NOT NULL,
    "max_memory_gb" DOUBLE PRECISION,
    "max_parallel" INTEGER NOT NULL,
    "labels" TEXT NOT NULL,
    "operations" TEXT,
    "models" TEXT NOT NULL,
    "requests_per_minute" INTEGER,
    "health_method" TEXT NOT NULL,
    "health_path" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "draining" BOOLEAN NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "backends_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "frontends" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    "strategy" TEXT NOT NULL,
    "unknown_model" TEXT NOT NULL,
    "access" TEXT NOT NULL,
    "open_networks" TEXT NOT NULL,
    "anonymous_rate_limit" TEXT,
    "rate_limit" TEXT,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "frontends_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "aliases" (
    "id" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "targets" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "aliases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assignments" (
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "backend_id" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "assignments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memory_rules" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "match" TEXT NOT NULL,
    "gb" DOUBLE PRECISION NOT NULL,
    "position" INTEGER NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "memory_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address_rules" (
    "id" TEXT NOT NULL,
    "effect" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "address_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at_ms" BIGINT NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "revision" (
    "id" INTEGER NOT NULL,
    "config" INTEGER NOT NULL,
    "keys" INTEGER NOT NULL,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" SERIAL NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_user_id" TEXT,
    "via" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "target_kind" TEXT NOT NULL,
    "target_id" TEXT,
    "target_name" TEXT,
    "before" TEXT,
    "after" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "nodes" (
    "id" TEXT NOT NULL,
    "seen_at_ms" BIGINT NOT NULL,
    "report" TEXT NOT NULL,

    CONSTRAINT "nodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalogue" (
    "backend_id" TEXT NOT NULL,
    "observed_at_ms" BIGINT NOT NULL,
    "models" TEXT NOT NULL,

    CONSTRAINT "catalogue_pkey" PRIMARY KEY ("backend_id")
);

-- CreateTable
CREATE TABLE "usage_records" (
    "id" TEXT NOT NULL,
    "started_at_ms" BIGINT NOT NULL,
    "key_id" TEXT,
    "user_id" TEXT,
    "backend_id" TEXT,
    "model_asked" TEXT,
    "model_served" TEXT,
    "dialect" TEXT,
    "operation" TEXT,
    "status" INTEGER NOT NULL,
    "error_code" TEXT,
    "total_ms" DOUBLE PRECISION NOT NULL,
    "client_address" TEXT,
    "line" TEXT NOT NULL,

    CONSTRAINT "usage_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_rollups" (
    "span" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "begin_ms" BIGINT NOT NULL,
    "value" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "requests" INTEGER NOT NULL,
    "ok" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "left" INTEGER NOT NULL,
    "estimated" INTEGER NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "bytes_in" BIGINT NOT NULL,
    "bytes_out" BIGINT NOT NULL,
    "queue_ms_sum" DOUBLE PRECISION NOT NULL,
    "load_ms_sum" DOUBLE PRECISION NOT NULL,
    "prefill_ms_sum" DOUBLE PRECISION NOT NULL,
    "decode_ms_sum" DOUBLE PRECISION NOT NULL,
    "total_ms_sum" DOUBLE PRECISION NOT NULL,
    "total_ms" TEXT NOT NULL,
    "time_to_first_token_ms" TEXT NOT NULL,
    "tokens_per_second" TEXT NOT NULL,

    CONSTRAINT "usage_rollups_pkey" PRIMARY KEY ("span","dimension","begin_ms","value")
);

-- CreateTable
CREATE TABLE "rollup_state" (
    "id" INTEGER NOT NULL,
    "timezone" TEXT NOT NULL,
    "reroll_from_ms" BIGINT,
    "minutes_from_ms" BIGINT NOT NULL,

    CONSTRAINT "rollup_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_segments" (
    "name" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "bad_lines" INTEGER NOT NULL,
    "updated_at_ms" BIGINT NOT NULL,

    CONSTRAINT "journal_segments_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_name_key" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "keys_prefix_key" ON "keys"("prefix");

-- CreateIndex
CREATE INDEX "keys_owner_id_idx" ON "keys"("owner_id");

-- CreateIndex
CREATE INDEX "keys_name_idx" ON "keys"("name");

-- CreateIndex
CREATE INDEX "key_secrets_key_id_idx" ON "key_secrets"("key_id");

-- CreateIndex
CREATE UNIQUE INDEX "backends_name_key" ON "backends"("name");

-- CreateIndex
CREATE UNIQUE INDEX "frontends_name_key" ON "frontends"("name");

-- CreateIndex
CREATE UNIQUE INDEX "aliases_alias_key" ON "aliases"("alias");

-- CreateIndex
CREATE UNIQUE INDEX "assignments_model_key" ON "assignments"("model");

-- CreateIndex
CREATE INDEX "assignments_backend_id_idx" ON "assignments"("backend_id");

-- CreateIndex
CREATE UNIQUE INDEX "memory_rules_kind_match_key" ON "memory_rules"("kind", "match");

-- CreateIndex
CREATE UNIQUE INDEX "address_rules_effect_network_key" ON "address_rules"("effect", "network");

-- CreateIndex
CREATE INDEX "audit_at_ms_idx" ON "audit"("at_ms");

-- CreateIndex
CREATE INDEX "nodes_seen_at_ms_idx" ON "nodes"("seen_at_ms");

-- CreateIndex
CREATE INDEX "usage_records_started_at_ms_id_idx" ON "usage_records"("started_at_ms", "id");

-- CreateIndex
CREATE INDEX "usage_rollups_span_begin_ms_idx" ON "usage_rollups"("span", "begin_ms");

-- AddForeignKey
ALTER TABLE "keys" ADD CONSTRAINT "keys_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_secrets" ADD CONSTRAINT "key_secrets_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_backend_id_fkey" FOREIGN KEY ("backend_id") REFERENCES "backends"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalogue" ADD CONSTRAINT "catalogue_backend_id_fkey" FOREIGN KEY ("backend_id") REFERENCES "backends"("id") ON DELETE CASCADE ON UPDATE CASCADE;
