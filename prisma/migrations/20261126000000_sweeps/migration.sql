-- Runs that are to be compared: one harvest, one specification, one row each.
CREATE TABLE "sweep" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "harvest_id" UUID NOT NULL,
    "spec" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sweep_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "sweep_name_key" ON "sweep"("name");
ALTER TABLE "sweep" ADD CONSTRAINT "sweep_harvest_id_fkey"
    FOREIGN KEY ("harvest_id") REFERENCES "harvest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "run" ADD COLUMN "sweep_id" UUID, ADD COLUMN "sweep_index" INTEGER, ADD COLUMN "parent" JSONB;
ALTER TABLE "run" ADD CONSTRAINT "run_sweep_id_fkey"
    FOREIGN KEY ("sweep_id") REFERENCES "sweep"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE UNIQUE INDEX "run_sweep_id_sweep_index_key" ON "run"("sweep_id", "sweep_index");

-- Checkpoints that are kept when newer ones come, and the best of a run.
ALTER TABLE "checkpoint" ADD COLUMN "kept" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "best" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "metrics" JSONB;

-- Pairs for transcoders, and dLoss/dx for gradient dictionaries.
ALTER TABLE "harvest" ADD COLUMN "target_hook" TEXT, ADD COLUMN "d_out" INTEGER,
    ADD COLUMN "gradients" BOOLEAN NOT NULL DEFAULT false;
-- As data: [n_tokens, d_out] of the target hook, [n_tokens, d_in] dLoss/dx at the hook.
ALTER TABLE activation_shard ADD COLUMN target bytea, ADD COLUMN gradient bytea;
ALTER TABLE activation_shard ALTER COLUMN target SET STORAGE EXTERNAL, ALTER COLUMN gradient SET STORAGE EXTERNAL;
