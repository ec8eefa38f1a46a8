using System.Text.Json.Serialization;
using OrleansCache.Client;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>put</c> and <c>remove</c>: the outcome of the edit.</summary>
internal sealed record EditReport : IReport
{
    public required string Key { get; init; }

    public required string Outcome { get; init; }

    public long Version { get; init; }

    public Guid Tag { get; init; }

    public double ElapsedMs => Elapsed.TotalMilliseconds;

    /// <summary>What the author of the edit should know of the key.</summary>
    public string? Hint { get; init; }

    [JsonIgnore]
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether there was no book to remove.</summary>
    [JsonIgnore]
    public bool IsMissing { get; init; }

    public static EditReport Of(EditReceipt receipt, bool isMissing) => new()
    {
        IsMissing = isMissing,
        Key = receipt.Key,
        Outcome = receipt.Outcome.ToString().ToLowerInvariant(),
        Version = receipt.Version,
        Tag = receipt.Tag,
        Elapsed = receipt.Elapsed,
    };

    public void Render(IAnsiConsole console)
    {
        if (IsMissing)
        {
            console.WriteLine($"There is no book {Key}; nothing was removed.");
            return;
        }

        var version = Version > 0 ? $"version {Format.Count(Version)} · " : "";
        console.WriteLine($"{Key} {Outcome} · {version}{Format.Duration(Elapsed)}");
        if (Hint is not null)
            console.WriteLine(Hint);
    }
}
