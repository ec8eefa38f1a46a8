using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>The epochs of slots in a SQLite file.</summary>
internal static class SqliteSlots
{
    /// <summary>The epoch of each slot in the same order; 0 for one without.</summary>
    public static long[] Read(SqliteConnection connection, IReadOnlyList<int> slots)
    {
        using var command = connection.Command(
            "SELECT n.key, s.epoch FROM json_each($slots) AS n CROSS JOIN slots AS s ON s.slot = n.value",
            ("$slots", JsonSerializer.Serialize(slots)));
        using var rows = command.ExecuteReader();
        var epochs = new long[slots.Count];
        while (rows.Read())
            epochs[rows.GetInt32(0)] = rows.GetInt64(1);
        return epochs;
    }

    /// <summary>Raises epochs; expects that the connection holds the file's write lock.</summary>
    public static long[] Raise(SqliteConnection connection, IReadOnlyList<int> slots)
    {
        using var command = connection.Command(
            "INSERT INTO slots (slot, epoch) SELECT DISTINCT value, 1 FROM json_each($slots) WHERE true "
            + "ON CONFLICT (slot) DO UPDATE SET epoch = epoch + 1",
            ("$slots", JsonSerializer.Serialize(slots)));
        command.ExecuteNonQuery();
        return Read(connection, slots);
    }

    /// <summary>
    /// Throws if a slot has another epoch; expects that the connection holds the file's write lock, so that it stays until the commit.
    /// </summary>
    public static void Check(SqliteConnection connection, SlotEpoch epoch)
    {
        var present = Read(connection, [epoch.Slot])[0];
        if (present == 0 || present != epoch.Epoch)
            throw new StaleEpochException(epoch.Slot, epoch.Epoch, present);
    }
}
