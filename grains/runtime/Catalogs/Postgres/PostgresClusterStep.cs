namespace OrleansCache.Catalogs;

/// <summary>The fourth step of a PostgreSQL catalog: what a cluster must agree on, the epochs of its slots and its settings.</summary>
internal static class PostgresClusterStep
{
    /// <summary>The error that check_epoch raises; its message ends with the present epoch.</summary>
    public const string StaleEpoch = "OC001";

    // FOR SHARE: writes of a slot hold the lock together, and an update of the epoch waits for all of them. FOR KEY SHARE would not keep
    // the update waiting. A writer that has waited for an update sees the row as it is afterwards.
    public const string Sql =
        $"""
        CREATE TABLE slots (
            slot  integer PRIMARY KEY,
            epoch bigint  NOT NULL
        );
        COMMENT ON TABLE slots IS 'How many owners each slot has had. Only the newest may write.';
        CREATE FUNCTION check_epoch(of_slot integer, own bigint) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            present bigint;
        BEGIN
            SELECT s.epoch INTO present FROM slots AS s WHERE s.slot = of_slot FOR SHARE;
            IF present IS DISTINCT FROM own THEN
                RAISE EXCEPTION 'slot % has epoch %', of_slot, coalesce(present, 0) USING ERRCODE = '{StaleEpoch}';
            END IF;
        END $$;

        CREATE TABLE cluster_settings (
            name  text COLLATE "C" PRIMARY KEY,
            value text NOT NULL
        );
        COMMENT ON TABLE cluster_settings IS 'Settings that all silos of the cluster must have alike.';
        """;
}
