using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Client;
using OrleansCache.Proof.Clusters;
using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Processes;

/// <summary>
/// Two applications of a region, each with a near cache, that read and edit a few books until they are ordered to end, and then write their
/// calls.
/// </summary>
internal static class ClientProgram
{
    /// <summary>The output when each of its readers has been answered.</summary>
    public const string Ready = "readers are connected";

    /// <summary>The output before the number of reads that near caches answered.</summary>
    public const string Hits = "answered by near caches: ";

    // The second client soon gives up an edit whose outcome it does not learn.
    private static readonly TimeSpan[] EditPatience = [TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1)];

    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongestThought = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ShortestWork = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWork = TimeSpan.FromMilliseconds(800);

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
        var cache = new ConfigurationBuilder()
            .AddJsonFile(settings["settings"]!)
            .Build()
            .GetSection(CacheClientServiceCollectionExtensions.SectionName);
        var orders = new FaultOrders(settings["folder"]!);
        var (region, name, seed) = (settings["region"]!, settings["name"]!, settings.GetValue<ulong>("seed"));
        var history = new History(TimeProvider.System);
        var faults = new MessageFaults(orders, name, seed);
        var readers = new List<RecordingReader>();
        foreach (var patience in EditPatience)
            readers.Add(await RecordingReader.StartAsync(
                services => AddCache(services, cache, faults, patience), region, $"{region} {readers.Count + 1}", history));
        // The first connections of all processes at once take long on a busy machine, and faults during them would test little else.
        await Task.WhenAll(readers.Select(UntilAnsweredAsync));
        Console.WriteLine(Ready);

        var work = readers.SelectMany((reader, i) => new[]
        {
            Task.Run(() => ReadAsync(reader, new(seed + (ulong)i), orders)),
            Task.Run(() => EditAsync(reader, new(~seed + (ulong)i), orders)),
        });
        var hits = (await Task.WhenAll(work)).Sum();
        foreach (var reader in readers)
            await reader.DisposeAsync();
        await using (var file = new StreamWriter(settings["history"]!))
            HistoryText.Write(file, history.Calls());
        Console.WriteLine($"{Hits}{hits}");
        return 0;
    }

    private static void AddCache(IServiceCollection services, IConfiguration settings, MessageFaults faults, TimeSpan editPatience)
    {
        services.AddBookCache(settings);
        services.PostConfigure<CacheClientOptions>(options =>
        {
            options.ConfigureClient = client => client.Services.AddSingleton<IOutgoingGrainCallFilter>(faults);
            options.EditDeadline = editPatience;
            // An attempt at a lost silo must not use up the whole deadline.
            options.OperationTimeout = Least(editPatience, LongestAttempt);
        });
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static bool IsOver(FaultOrders orders) => orders.Stands(ClientProcess.End, ClientProcess.Everybody);

    private static async Task UntilAnsweredAsync(RecordingReader reader)
    {
        while (await reader.ReadAsync(TroubledCluster.Books[0]) is null)
            await Task.Delay(LongestThought);
    }

    private static async Task<int> ReadAsync(RecordingReader reader, SplitMix64 random, FaultOrders orders)
    {
        var hits = 0;
        while (!IsOver(orders))
        {
            hits += await reader.ReadAsync(random.Of(TroubledCluster.Books)) is Tier.Near ? 1 : 0;
            await Task.Delay(random.Between(TimeSpan.Zero, LongestThought));
        }

        return hits;
    }

    private static async Task<int> EditAsync(RecordingReader reader, SplitMix64 random, FaultOrders orders)
    {
        while (!IsOver(orders))
        {
            var book = random.Of(TroubledCluster.Books);
            var kind = random.Below(10);
            // Some edits require the version that their author saw last.
            await reader.EditAsync(book, removes: kind < 2, expected: kind is 1 or 2 or 3 ? reader.LastSeen(book) : null);
            await Task.Delay(random.Between(ShortestWork, LongestWork));
        }

        return 0;
    }
}
