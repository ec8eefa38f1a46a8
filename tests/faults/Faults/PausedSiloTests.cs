using System.Diagnostics;
using OrleansCache.Client;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Clusters;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>A silo that is paused for so long that the others declare it dead.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class PausedSiloTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task A_silo_that_pauses_for_long_is_declared_dead_and_answers_nothing_old_when_it_is_resumed() => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        var silo = _cluster.Processes.Silo("asia.1");
        // A client that is connected to this silo only.
        await using var asker = await Reader.StartAsync(OnlyAsia(), "asia");
        Assert.Equal(Shelf.TitleOf(Shelf.Edited), (await asker.LookupAsync(Shelf.Edited)).Book!.Title);

        var (paused, pausedAt) = (load.Now, Stopwatch.GetTimestamp());
        await silo.PauseAsync();
        await WhenDetectedAsync(_cluster, silo.Name, pausedAt);
        await load.WhenByItselfAsync("europe", "northamerica");
        await CheckFailOverAsync(_cluster, "asia.1 paused", paused, "europe", "northamerica");

        // An edit that cannot reach the silo.
        await EditAsync("The new book");
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(() => AskAsync(asker, stop.Token));
        var resumed = load.Now;
        await silo.ResumeAsync();
        Assert.Equal(3, await silo.Ended.WaitAsync(Eventually.Bound));
        Say($"the silo ended {load.Now - resumed:N0} ms after it was resumed");
        await stop.CancelAsync();
        Assert.DoesNotContain(Shelf.TitleOf(Shelf.Edited), await asking);
        _cluster.Ledger.EndOf("asia.1", pausedAt);

        await _cluster.StartAgainAsync("asia.1");
        await load.WhenSteadyAsync();
        var window = await load.SinceAsync("paused until it was declared dead, and back", paused);
        Say(window.ToString());
        window.NoneFailed();
    });

    private static async Task<List<string?>> AskAsync(Reader asker, CancellationToken stop)
    {
        var titles = new List<string?>();
        var open = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            open.Add(OnceAsync());
            await Task.Delay(5, CancellationToken.None);
        }

        await Task.WhenAll(open);
        return titles;

        async Task OnceAsync()
        {
            try
            {
                var title = (await asker.LookupAsync(Shelf.Edited)).Book?.Title;
                lock (titles)
                    titles.Add(title);
            }
            catch (LookupFailedException)
            {
                // The cluster has declared the silo dead, so it may refuse to answer.
                return;
            }
        }
    }

    private async Task EditAsync(string title)
    {
        var outcome = await _cluster.ReaderOf("europe").Operations.StoreAsync([new(Shelf.Edited, BookPayload.Encode(new Book(title)))]);
        Assert.Equal(EditOutcome.Updated, Assert.Single(outcome));
    }

    private Dictionary<string, string> OnlyAsia() => new()
    {
        ["ClusterId"] = _cluster.Processes.ClientSettings["ClusterId"],
        ["ServiceId"] = _cluster.Processes.ClientSettings["ServiceId"],
        ["Home"] = "asia",
        ["Regions:0:Name"] = "asia",
        ["Regions:0:Gateways:0"] = _cluster.Processes.Gateways("asia")[0].ToString(),
    };
}
