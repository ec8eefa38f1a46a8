using System.Globalization;
using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>The epochs of slots in a PostgreSQL database.</summary>
internal static class PostgresSlots
{
    /// <summary>In the order of the slots, as everybody locks them: calls with the same slots wait for each other.</summary>
    public static async Task<long[]> RaiseAsync(NpgsqlConnection connection, IReadOnlyList<int> slots, CancellationToken cancellation)
    {
        await using var batch = connection.Durably(
            PostgresCommands.LockOfCluster,
            """
            INSERT INTO slots AS s (slot, epoch) SELECT n.slot, 1 FROM unnest($1) AS n (slot) ORDER BY n.slot
            ON CONFLICT (slot) DO UPDATE SET epoch = s.epoch + 1
            RETURNING slot, epoch
            """,
            [slots.Distinct().ToArray()]);
        await using var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        var raised = new Dictionary<int, long>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            raised[rows.GetInt32(0)] = rows.GetInt64(1);
        await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        return [.. slots.Select(slot => raised[slot])];
    }

    /// <summary>
    /// A statement that fails if a slot has another epoch, and otherwise keeps it until the transaction's end. If it fails, the
    /// statements after it in its batch are not run.
    /// </summary>
    public static NpgsqlBatchCommand Check(SlotEpoch epoch)
    {
        var check = new NpgsqlBatchCommand("SELECT check_epoch($1, $2)");
        check.Parameters.Add(new() { Value = epoch.Slot });
        check.Parameters.Add(new() { Value = epoch.Epoch });
        return check;
    }

    /// <summary>The error of <see cref="Check"/> in the words of the cache.</summary>
    public static StaleEpochException Refusal(SlotEpoch epoch, PostgresException refused) =>
        new(epoch.Slot, epoch.Epoch, long.Parse(refused.MessageText.Split(' ')[^1], CultureInfo.InvariantCulture));
}
