namespace OrleansCache.Proof.Histories;

/// <summary>A history as text, one call per line. Lines that begin with # are comments.</summary>
public static class HistoryText
{
    /// <summary>Writes a history.</summary>
    /// <param name="writer">The output.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="remarks">Comments for the reader, such as the seed; one line each.</param>
    public static void Write(TextWriter writer, IEnumerable<Call> calls, params IEnumerable<string> remarks)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var line in remarks.SelectMany(remark => remark.Split('\n')))
            writer.Write($"# {line.TrimEnd('\r')}\n");
        foreach (var call in calls)
            writer.Write($"{CallText.Write(call)}\n");
    }

    /// <summary>Reads a history.</summary>
    /// <exception cref="FormatException">A line is neither a call nor a comment.</exception>
    public static IReadOnlyList<Call> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var calls = new List<Call>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                calls.Add(CallText.Read(line));
        }

        return calls;
    }
}
