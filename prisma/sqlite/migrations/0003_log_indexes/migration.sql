-- CreateIndex
CREATE INDEX "usage_records_key_id_started_at_ms_idx" ON "usage_records"("key_id", "started_at_ms");

-- CreateIndex
CREATE INDEX "usage_records_model_served_started_at_ms_idx" ON "usage_records"("model_served", "started_at_ms");

-- CreateIndex
CREATE INDEX "usage_records_backend_id_started_at_ms_idx" ON "usage_records"("backend_id", "started_at_ms");

-- CreateIndex
CREATE INDEX "usage_records_status_started_at_ms_idx" ON "usage_records"("status", "started_at_ms") WHERE status >= 400;

-- CreateIndex
CREATE INDEX "usage_records_error_code_started_at_ms_idx" ON "usage_records"("error_code", "started_at_ms") WHERE error_code IS NOT NULL;
