using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>The settings of a cluster in a SQLite file. They expect that the connection holds the file's write lock.</summary>
internal static class SqliteSettings
{
    public static IReadOnlyDictionary<string, string> Agree(SqliteConnection connection, IReadOnlyDictionary<string, string> mine)
    {
        foreach (var (name, value) in mine)
        {
            using var command = connection.Command(
                "INSERT INTO cluster_settings (name, value) VALUES ($name, $value) ON CONFLICT DO NOTHING",
                ("$name", name),
                ("$value", value));
            command.ExecuteNonQuery();
        }

        using var stored = connection.Command("SELECT name, value FROM cluster_settings");
        return Read(stored).Where(setting => mine.ContainsKey(setting.Key)).ToDictionary(StringComparer.Ordinal);
    }

    public static IReadOnlyDictionary<string, string> Forget(SqliteConnection connection)
    {
        using var command = connection.Command("DELETE FROM cluster_settings RETURNING name, value");
        return Read(command);
    }

    private static Dictionary<string, string> Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (rows.Read())
            settings[rows.GetString(0)] = rows.GetString(1);
        return settings;
    }
}
