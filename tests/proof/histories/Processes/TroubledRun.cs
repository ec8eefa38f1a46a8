using OrleansCache.LocalClusters;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Processes;

/// <summary>A run of a <see cref="TroubledCluster"/>, whose history is checked.</summary>
internal sealed class TroubledRun(ITestOutputHelper output)
{
    /// <summary>Faults that a process causes itself at the next occasion; a long run continues until each has happened.</summary>
    public static readonly Fault[] Ordered =
    [
        Fault.FailCommit, Fault.LoseCommit, Fault.EvictBook, Fault.LoseMessages,
        .. Enum.GetNames<Owners.EditPoint>().Select(Fault.KillAtPoint),
    ];

    /// <summary>Runs a cluster under faults and judges its history.</summary>
    /// <param name="seed">Determines the run.</param>
    /// <param name="length">Its minimum duration.</param>
    /// <param name="atLeastOnce">Ordered faults that must happen.</param>
    /// <param name="network">The network on which it runs; null for none.</param>
    /// <param name="schedules">The faults and their times.</param>
    public async Task<Verdict> RunAsync(
        ulong seed, TimeSpan length, Fault[] atLeastOnce, TroubledNetwork? network, params Schedule[] schedules)
    {
        output.WriteLine($"seed {seed}");
        await using var cluster = await TroubledCluster.StartAsync(seed, network);
        IReadOnlyList<Call> calls;
        int hits;
        try
        {
            (calls, hits) = await cluster.RunAsync(length, atLeastOnce, schedules);
        }
        catch
        {
            foreach (var line in cluster.Events.Concat(cluster.LastLines))
                output.WriteLine(line);
            throw;
        }

        var verdict = Verdict.On(calls, TroubledCluster.Lease, ownersChange: true);
        foreach (var happened in cluster.Events.Concat(Ordered.Select(fault => $"{fault} was done {cluster.Done(fault)} times")))
            output.WriteLine(happened);
        var edits = calls.Count(call => call.Edit is not null && call.Outcome is Outcome.Acked);
        var failed = calls.Count(call => call.Outcome is Outcome.Failed);
        output.WriteLine($"{hits} reads were answered by near caches, {edits} edits acknowledged, {failed} calls failed. {verdict}");
        if (!verdict.Holds)
            output.WriteLine($"The history is kept in {HistoryFile.Keep(calls, seed, cluster.Events.Append(verdict.ToString()))}");
        if (hits == 0 || edits == 0)
        {
            // The cluster has hardly worked: its silos say why.
            foreach (var line in cluster.LastLines)
                output.WriteLine(line);
        }

        Assert.NotEqual(0, hits);
        Assert.NotEqual(0, edits);
        Assert.All(atLeastOnce, fault => Assert.NotEqual(0, cluster.Done(fault)));
        if (cluster.DeclaredDead.Count > 0)
            output.WriteLine($"Declared dead although they were alive: {string.Join(", ", cluster.DeclaredDead)}");
        return verdict;
    }
}

/// <summary>The network of a <see cref="TroubledCluster"/> whose regions are far apart.</summary>
/// <param name="Distances">The round trips between them.</param>
/// <param name="ClusteringRegion">The region with the clustering Redis.</param>
internal sealed record TroubledNetwork(IReadOnlyList<NetworkDistance> Distances, string ClusteringRegion);
