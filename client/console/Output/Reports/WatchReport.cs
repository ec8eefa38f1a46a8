using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>watch</c>: where a book is held.</summary>
internal sealed record WatchReport(string Key, IReadOnlyList<WatchReport.WatchedRegion> Regions) : ILiveReport
{
    private const int LongestTitle = 40;

    [JsonIgnore]
    public int ExitCode => Regions.Any(region => region.Error is not null) ? ConsoleExitCode.Unavailable : ConsoleExitCode.Done;

    public void Render(IAnsiConsole console) => console.Write(Draw(console));

    public IRenderable Draw(IAnsiConsole console)
    {
        var table = Tables.Create(console, "region", "silo or node", "tier", "version#", "title", "lease left#", "TTL left#", "clients#");
        foreach (var region in Regions)
        {
            if (region.Error is not null)
                table.Row(region.Region, "", "unreachable");
            else if (region.Copies.Count == 0)
                table.Row(region.Region, "", "not held");
            foreach (var entry in region.Copies)
                Row(table, region.Region, entry);
        }

        var errors = Regions.SelectMany(region => region.Copies.Select(entry => entry.Error).Prepend(region.Error)).OfType<string>();
        return new Rows([new Text(Key), table, .. errors.Select(error => new Text(error, new Style(Color.Yellow)))]);
    }

    private static void Row(ReportTable table, string region, WatchedEntry entry)
    {
        if (entry.Error is not null)
            table.Row(region, entry.Holder, "no answer");
        else
            table.Row(
                region, entry.Holder, entry.Tier, Format.Count(entry.Version),
                entry.Exists ? Format.Short(entry.Title, LongestTitle) : "(no such book)",
                entry.Lease is not { } lease ? "" : lease > TimeSpan.Zero ? Format.Duration(lease) : "ended",
                Format.Duration(entry.TimeToLive), entry.Clients is { } clients ? Format.Count(clients) : "");
    }

    /// <summary>A region, with the silos and nodes that hold the book or did not answer.</summary>
    internal sealed record WatchedRegion(string Region, IReadOnlyList<WatchedEntry> Copies, string? Error)
    {
        public static WatchedRegion Of(RegionInspection region)
        {
            var entries = region.Silos.Where(silo => silo.Row is not null || silo.Problem is not null).Select(WatchedEntry.Of).ToList();
            if (region.Node is { } node && (node.Row is not null || node.Problem is not null))
                entries.Add(WatchedEntry.Of(node));
            return new(region.Region, entries, null);
        }
    }

    /// <summary>What a silo or a node holds.</summary>
    internal sealed record WatchedEntry
    {
        /// <summary>The silo's or the node's name.</summary>
        public required string Holder { get; init; }

        public required string Tier { get; init; }

        public long Version { get; init; }

        /// <summary>False if the entry says that there is no such book.</summary>
        public bool Exists { get; init; }

        public string? Title { get; init; }

        /// <summary>Zero if the lease has ended; null for a node, which has none.</summary>
        public double? LeaseMs => Lease?.TotalMilliseconds;

        public double TimeToLiveMs => TimeToLive.TotalMilliseconds;

        /// <summary>How many clients hold a lease below this one.</summary>
        public int? Clients { get; init; }

        /// <summary>Why it did not answer.</summary>
        public string? Error { get; init; }

        [JsonIgnore]
        public TimeSpan? Lease { get; init; }

        [JsonIgnore]
        public TimeSpan TimeToLive { get; init; }

        public static WatchedEntry Of(SiloInspection silo) =>
            Of(silo.Silo, OrleansCache.Tier.Silo, silo.Row, silo.TimeToLive, silo.Problem) with
            {
                Lease = silo.Lease,
                Clients = silo.Clients,
            };

        public static WatchedEntry Of(NodeInspection node) =>
            Of(node.Node, OrleansCache.Tier.Redis, node.Row, node.TimeToLive, node.Problem);

        private static WatchedEntry Of(string holder, Tier tier, CachedRow? row, TimeSpan timeToLive, string? error) => new()
        {
            Holder = holder,
            Tier = Format.Tier(tier),
            Version = row?.Identity.Version ?? 0,
            Exists = row is { Exists: true },
            Title = TitleOf(row),
            TimeToLive = timeToLive,
            Error = error,
        };

        private static string? TitleOf(CachedRow? row)
        {
            try
            {
                return row?.Payload is { } payload ? BookPayload.Decode(payload).Title : null;
            }
            catch (InvalidPayloadException)
            {
                // The entry is shown without a title; a lookup reports what is wrong with it.
                return null;
            }
        }
    }
}
