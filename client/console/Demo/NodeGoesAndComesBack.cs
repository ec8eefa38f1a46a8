using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Demo;

/// <summary>A region's node is stopped: no lookup fails, the router takes it off the ring, and puts it back when it is restarted.</summary>
internal sealed class NodeGoesAndComesBack : IScene
{
    private const int AtLeast = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Title => "A node goes and comes back";

    public async Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        var region = stage.Regions.Count > 1 ? stage.Regions[1] : stage.Regions[0];
        var phases = new List<Phase>
        {
            await AskUntilAsync("its node is up", stage, region, up: true, cancellation).ConfigureAwait(false),
        };
        await stage.Session.Cluster.StopNodeAsync(region).ConfigureAwait(false);
        phases.Add(await AskUntilAsync("its node is stopped", stage, region, up: false, cancellation).ConfigureAwait(false));
        phases.Add(await AskUntilAsync("it is off the ring", stage, region, up: false, cancellation).ConfigureAwait(false));
        await stage.Session.Cluster.StartNodeAsync(region).ConfigureAwait(false);
        phases.Add(await AskUntilAsync("it is started again", stage, region, up: true, cancellation).ConfigureAwait(false));
        phases.Add(await AskUntilAsync("it is back on the ring", stage, region, up: true, cancellation).ConfigureAwait(false));
        return new(
            $"{Title}: cold books asked for in {region}",
            ["meanwhile", "lookups#", "not answered#", "slowest#", "took#", "node reads#", "on the ring"],
            [.. phases.Select(phase => phase.Row())],
            [
                new("no lookup failed", phases.All(phase => phase.Failed == 0)),
                new("the router took the node off the ring", phases[2] is { IsUp: false, NodeReads: 0 }),
                new("the router put it back, and it is read again", phases[4] is { IsUp: true, NodeReads: > 0 }),
            ]);
    }

    /// <summary>Looks cold books up until the ring has the expected state, and at least <see cref="AtLeast"/> of them.</summary>
    private static async Task<Phase> AskUntilAsync(string name, Stage stage, string region, bool up, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var before = await ReadsAsync(stage, region, cancellation).ConfigureAwait(false);
        var (lookups, failed, slowest, isUp) = (0, 0, TimeSpan.Zero, !up);
        while (lookups < AtLeast || (isUp != up && time.GetElapsedTime(started) < Patience))
        {
            var asked = time.GetTimestamp();
            try
            {
                var result = await stage.LookUpAsync(stage.ColdKey(), region, cancellation).ConfigureAwait(false);
                failed += result.Found ? 0 : 1;
            }
            catch (LookupFailedException)
            {
                failed++;
            }

            lookups++;
            slowest = time.GetElapsedTime(asked) is var took && took > slowest ? took : slowest;
            var ring = await stage.Session.Operations.GetRingAsync(region, cancellation).ConfigureAwait(false);
            isUp = ring.Nodes.All(node => node.IsUp);
            if (isUp != up)
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation).ConfigureAwait(false);
        }

        var reads = await ReadsAsync(stage, region, cancellation).ConfigureAwait(false) - before;
        return new(name, lookups, failed, slowest, time.GetElapsedTime(started), reads, isUp);
    }

    private static async Task<long> ReadsAsync(Stage stage, string region, CancellationToken cancellation) =>
        (await stage.Session.Operations.GetStatisticsAsync(region, cancellation).ConfigureAwait(false)).Sum(silo => silo.NodeReads);

    private sealed record Phase(string Name, int Lookups, int Failed, TimeSpan Slowest, TimeSpan Took, long NodeReads, bool IsUp)
    {
        public IReadOnlyList<string> Row() =>
        [
            Name, Format.Count(Lookups), Format.Count(Failed), Format.Duration(Slowest), Format.Duration(Took), Format.Count(NodeReads),
            IsUp ? "yes" : "no",
        ];
    }
}
