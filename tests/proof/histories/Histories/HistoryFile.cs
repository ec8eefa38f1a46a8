using System.Globalization;

namespace OrleansCache.Proof.Histories;

/// <summary>Stores a history that broke a promise, so that it can be inspected and checked again.</summary>
public static class HistoryFile
{
    /// <summary>Writes a history into the folder <c>histories</c> beside the program.</summary>
    /// <returns>The file's path.</returns>
    public static string Keep(IEnumerable<Call> calls, ulong seed, IEnumerable<string> remarks)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "histories"));
        var path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{seed}.txt"));
        using var file = new StreamWriter(path);
        HistoryText.Write(file, calls, remarks.Prepend($"seed {seed}"));
        return path;
    }
}
