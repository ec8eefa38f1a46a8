using OrleansCache.Client.Import;

namespace OrleansCache.Cli.Commands;

/// <summary>Reads which columns of a file are which fields of a book: <c>--key COLUMN</c> and <c>--map FIELD=COLUMN</c>.</summary>
internal static class ColumnChoices
{
    /// <summary>The names of the fields.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. Enum.GetNames<BookField>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads the options.</summary>
    /// <returns>What is wrong with them; null if nothing is.</returns>
    public static string? Read(string? key, IEnumerable<string> map, Dictionary<BookField, string> columns)
    {
        if (key is not null)
            columns.Add(BookField.Key, key);
        foreach (var choice in map)
        {
            var parts = choice.Split('=', 2);
            if (parts.Length < 2 || !Fields.Contains(parts[0].Trim(), StringComparer.OrdinalIgnoreCase))
                return $"--map is \"{choice}\"; it must be FIELD=COLUMN, and the fields are {string.Join(", ", Fields)}.";
            if (!columns.TryAdd(Enum.Parse<BookField>(parts[0], ignoreCase: true), parts[1]))
                return $"--map {choice} names a second column for {parts[0].Trim()}; give one.";
        }

        return null;
    }
}
