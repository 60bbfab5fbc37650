-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "rate_limit" TEXT,
    "password_hash" TEXT,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "keys" (
    "id" TEXT NOT NULL PRIMARY KEY,
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
    CONSTRAINT "keys_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "key_secrets" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "valid_until_ms" BIGINT,
    "created_at_ms" BIGINT NOT NULL,
    CONSTRAINT "key_secrets_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "keys" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "backends" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_credential" TEXT,
    "priority" INTEGER NOT NULL,
    "weight" INTEGER NOT NULL,
    "max_memory_gb" REAL,
    "max_parallel" INTEGER NOT NULL,
    "labels" TEXT NOT NULL,
    "operations" TEXT,
    "models" TEXT NOT NULL,
    "requests_per_minute" INTEGER,
    "health_method" TEXT NOT NULL,
    "health_path" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "draining" BOOLEAN NOT NULL,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "frontends" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    "strategy" TEXT NOT NULL,
    "unknown_model" TEXT NOT NULL,
    "access" TEXT NOT NULL,
    "open_networks" TEXT NOT NULL,
    "anonymous_rate_limit" TEXT,
    "rate_limit" TEXT,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "aliases" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "alias" TEXT NOT NULL,
    "targets" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "assignments" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "model" TEXT NOT NULL,
    "backend_id" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    CONSTRAINT "assignments_backend_id_fkey" FOREIGN KEY ("backend_id") REFERENCES "backends" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "memory_rules" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "match" TEXT NOT NULL,
    "gb" REAL NOT NULL,
    "position" INTEGER NOT NULL,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "address_rules" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "effect" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "settings" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "updated_at_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "revision" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "config" INTEGER NOT NULL,
    "keys" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "audit" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
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
    "after" TEXT
);

-- CreateTable
CREATE TABLE "nodes" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "seen_at_ms" BIGINT NOT NULL,
    "report" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "catalogue" (
    "backend_id" TEXT NOT NULL PRIMARY KEY,
    "observed_at_ms" BIGINT NOT NULL,
    "models" TEXT NOT NULL,
    CONSTRAINT "catalogue_backend_id_fkey" FOREIGN KEY ("backend_id") REFERENCES "backends" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "usage_records" (
    "id" TEXT NOT NULL PRIMARY KEY,
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
    "total_ms" REAL NOT NULL,
    "client_address" TEXT,
    "line" TEXT NOT NULL
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
    "queue_ms_sum" REAL NOT NULL,
    "load_ms_sum" REAL NOT NULL,
    "prefill_ms_sum" REAL NOT NULL,
    "decode_ms_sum" REAL NOT NULL,
    "total_ms_sum" REAL NOT NULL,
    "total_ms" TEXT NOT NULL,
    "time_to_first_token_ms" TEXT NOT NULL,
    "tokens_per_second" TEXT NOT NULL,

    PRIMARY KEY ("span", "dimension", "begin_ms", "value")
);

-- CreateTable
CREATE TABLE "rollup_state" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "timezone" TEXT NOT NULL,
    "reroll_from_ms" BIGINT,
    "minutes_from_ms" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "journal_segments" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "position" BIGINT NOT NULL,
    "bad_lines" INTEGER NOT NULL,
    "updated_at_ms" BIGINT NOT NULL
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
