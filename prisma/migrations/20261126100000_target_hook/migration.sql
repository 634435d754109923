-- Where a transcoder writes: two of one width may reconstruct different hooks.
ALTER TABLE "dictionary" ADD COLUMN "target_hook" TEXT;
UPDATE "dictionary" d SET "target_hook" = h."target_hook"
    FROM "harvest" h WHERE h."id"::text = d."provenance" ->> 'harvest' AND d."config" ? 'd_out';
