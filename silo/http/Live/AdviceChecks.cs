using System.Collections.Immutable;
using System.Globalization;

namespace OrleansCache.Http;

/// <summary>The checks of the page: what needs attention in a snapshot, and what to do about it.</summary>
internal static class AdviceChecks
{
    // A round trip on one machine may double for no reason that matters.
    private const double LeastGrowth = 20;

    private const double FullMemory = 0.9;
    private const double LowHitRatio = 0.8;

    /// <summary>Checks a snapshot.</summary>
    /// <returns>The results, the worst first; a single one when all is well.</returns>
    public static ImmutableArray<Advice> Of(LiveSnapshot snapshot)
    {
        if (snapshot.Regions.Any(region => !region.IsKnown))
            return [new("starting", AdviceState.Info, "Asking the regions", "Not every region has been asked yet.")];
        Advice[] found =
        [
            .. Regions(snapshot), .. Silos(snapshot), .. Nodes(snapshot), .. DegradedNodes(snapshot), .. Owners(snapshot),
            .. Catalog(snapshot), .. Load(snapshot), .. Memory(snapshot), .. Distances(snapshot), .. LateProbes(snapshot),
            .. Versions(snapshot), .. SingleSilos(snapshot),
        ];
        if (found.Any(advice => advice.State != AdviceState.Info))
            return [.. found.OrderByDescending(advice => advice.State)];
        var (silos, nodes) = (snapshot.Regions.Sum(region => region.Silos.Length), snapshot.Regions.Sum(region => region.Nodes.Length));
        return
        [
            new(
                "all-well", AdviceState.Ok, "All is well",
                $"{Count(snapshot.Regions.Length, "region")}, {Count(silos, "silo")} and {Count(nodes, "node")} answer; "
                + "no lookup is refused, and no answer is degraded."),
            .. found,
        ];
    }

    private static IEnumerable<Advice> Regions(LiveSnapshot snapshot) =>
        from region in snapshot.Regions
        where !region.Answers
        select new Advice(
            $"region-silent:{region.Name}", AdviceState.Problem, $"No silo of {region.Name} answers",
            $"{Sentence(region.Problem ?? "None of its silos has reported")} Readers of {region.Name} get their answers from the other "
            + "regions, at their distance.",
            $"Start a silo of {region.Name}, or check the network between the regions.");

    private static IEnumerable<Advice> Silos(LiveSnapshot snapshot) =>
        from region in snapshot.Regions
        where region.Answers
        from silo in region.Silos
        where !silo.Answers
        select new Advice(
            $"silo-silent:{silo.Name}", AdviceState.Warning, $"The silo {silo.Name} does not answer",
            $"{Sentence(silo.Problem ?? "It has not reported")} The others of {region.Name} do its work.",
            $"Start {silo.Name} again. If it was taken away on purpose, it is forgotten ten minutes after its last answer.");

    private static IEnumerable<Advice> Nodes(LiveSnapshot snapshot) =>
        from region in snapshot.Regions
        let none = region.Nodes.All(node => !node.IsUp)
        from node in region.Nodes
        where !node.IsUp
        select new Advice(
            $"node-down:{region.Name}/{node.Name}", none ? AdviceState.Problem : AdviceState.Warning,
            $"The node {node.Name} of {region.Name} is down",
            (node.Reason is null ? "" : $"It says: {Sentence(node.Reason)} ")
            + (none
                ? $"It is off the ring, and the region has no other one: what is not in its silos' memory comes from the owners of "
                    + $"{snapshot.Home}."
                : "It is off the ring; its keys belong to the region's other nodes until it is back."),
            $"Check the Redis at {node.Address}. It comes back to the ring by itself when it has served reads twice.");

    private static IEnumerable<Advice> DegradedNodes(LiveSnapshot snapshot) =>
        from region in snapshot.Regions
        from node in region.Nodes
        where node is { IsUp: true, Reason: not null }
        select new Advice(
            $"node-degraded:{region.Name}/{node.Name}", AdviceState.Warning,
            $"The node {node.Name} of {region.Name} is used in part",
            $"{Sentence(node.Reason!)} The rest of it is used as always; what it does not keep comes from the owners of {snapshot.Home}.",
            $"Check the Redis at {node.Address}; the silos' logs say what to do. It is used in full again by itself.");

    private static IEnumerable<Advice> Owners(LiveSnapshot snapshot)
    {
        var home = snapshot.Regions.FirstOrDefault(region => region.IsHome);
        if (home is null or { Answers: true } || snapshot.Regions.All(region => !region.Answers))
            yield break;
        yield return new(
            "home-silent", AdviceState.Problem, $"The home region {home.Name} cannot be reached",
            $"{Sentence(home.Problem ?? "No silo of it answers")} The owners move to another region while it has no silo; until then edits "
            + "wait, and answers may be flagged after their lease.",
            $"Bring {home.Name} back, or check the network to it.");
    }

    private static IEnumerable<Advice> Catalog(LiveSnapshot snapshot)
    {
        string[] failed = [.. Answering(snapshot).Where(silo => silo.CatalogFailed).Select(silo => silo.Name)];
        if (failed.Length > 0)
        {
            yield return new(
                "catalog-down", AdviceState.Problem, "The catalog does not answer",
                $"The last query of {string.Join(", ", failed)} has failed. Books in memory and in nodes are still found, with a "
                + "flag after their lease; edits fail.",
                "Check the catalog's database and the connection to it.");
        }
    }

    private static IEnumerable<Advice> Load(LiveSnapshot snapshot)
    {
        foreach (var region in snapshot.Regions)
        {
            if (region.Recent is { Flagged: > 0 } flagged)
            {
                yield return new(
                    $"flagged:{region.Name}", AdviceState.Warning, $"Answers of {region.Name} are flagged",
                    $"{Rate(flagged.Flagged)} answers a second lack a guarantee, because the owner or the catalog cannot be reached.",
                    "See what else is listed here. A caller may refuse such answers (RequireCoherent).");
            }

            if (region.Recent is { Lapses: > 0 } waiting)
            {
                yield return new(
                    $"edits-wait:{region.Name}", AdviceState.Warning, "Edits wait for leases",
                    $"{Rate(waiting.Lapses)} leases a second were waited for in the last ten seconds: a silo or client that holds an entry "
                    + "does not acknowledge that it gave it up, so the edit waits until the lease ends.",
                    "Find the silo or client that was lost, is paused or cannot be reached.");
            }

            if (region.Recent is { Shed: > 0 } shed)
            {
                yield return new(
                    $"shed:{region.Name}", AdviceState.Warning, $"{region.Name} refuses lookups",
                    $"{Rate(shed.Shed)} lookups a second were refused in the last ten seconds: its silos have more to load than they can.",
                    "Add silos to the region, or find out why so many keys are not in memory.");
            }
        }
    }

    private static IEnumerable<Advice> Memory(LiveSnapshot snapshot) =>
        from silo in Answering(snapshot)
        where silo.BudgetBytes > 0 && silo.Bytes >= FullMemory * silo.BudgetBytes
        let rates = silo.Recent
        where rates is { Lookups: > 0 } && rates.Evictions + rates.NotKept > 0 && rates.Silo / rates.Lookups < LowHitRatio
        select new Advice(
            $"memory:{silo.Name}", AdviceState.Warning, $"The memory of {silo.Name} is too small for what is read",
            $"It is full ({silo.Bytes / 1048576.0:N0} of {silo.BudgetBytes / 1048576.0:N0} MiB), evicts {Rate(rates.Evictions)} entries a "
            + $"second, and answers only {rates.Silo / rates.Lookups:P0} of its lookups from memory.",
            "Raise MemoryBudgetBytes, or add silos to the region.");

    private static IEnumerable<Advice> Distances(LiveSnapshot snapshot) =>
        from way in snapshot.Distances
        where way.Time > 2 * way.First && way.Time > way.First + LeastGrowth
        select new Advice(
            $"distance:{way.From}-{way.To}", AdviceState.Warning, $"The way from {way.From} to {way.To} has grown",
            $"A round trip takes {way.Time:N0} ms; it took {way.First:N0} ms at first. What is not in memory is that much slower.",
            "Check the route between the two regions.");

    private static IEnumerable<Advice> LateProbes(LiveSnapshot snapshot) =>
        from region in snapshot.Regions
        let longest = snapshot.Distances.Where(way => way.From == region.Name).MaxBy(way => way.Time)
        where longest is not null
        let needed = ProbeTimeouts.NeededFor(TimeSpan.FromMilliseconds(longest.Time))
        let setting = ProbeTimeouts.SettingFor(needed).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)
        from silo in region.Silos
        where silo.Answers && silo.MaxProbeTimeout > 0 && silo.MaxProbeTimeout < needed.TotalMilliseconds
        select new Advice(
            $"probe-timeout:{silo.Name}", AdviceState.Warning, $"{silo.Name} may declare silos of {longest.To} dead too soon",
            $"It waits at most {silo.MaxProbeTimeout:N0} ms for the answer to a probe, but one from {longest.To} takes "
            + $"{needed.TotalMilliseconds:N0} ms when a packet is lost.",
            $"Set Clustering:ProbeTimeout to {setting} s or more.");

    private static IEnumerable<Advice> Versions(LiveSnapshot snapshot)
    {
        var versions = Answering(snapshot).Where(silo => silo.Version is not null).GroupBy(silo => silo.Version!)
            .OrderBy(version => version.Key, StringComparer.Ordinal).ToArray();
        if (versions.Length > 1)
        {
            var which = versions.Select(version => $"{version.Key} on {string.Join(", ", version.Select(silo => silo.Name))}");
            yield return new(
                "versions", AdviceState.Warning, "Silos of different versions run together", $"{string.Join("; ", which)}.",
                "This is how an upgrade looks while it goes on. Finish it.");
        }
    }

    private static IEnumerable<Advice> SingleSilos(LiveSnapshot snapshot)
    {
        string[] single = [.. snapshot.Regions.Where(region => region.Silos.Length == 1 && region.Answers).Select(region => region.Name)];
        if (single.Length > 0)
        {
            yield return new(
                "single-silo", AdviceState.Info, $"{string.Join(", ", single)}: one silo",
                "While it is restarted, readers there get their answers from another region.",
                "Run two silos in a region whose readers must not notice that.");
        }
    }

    private static IEnumerable<LiveSilo> Answering(LiveSnapshot snapshot) =>
        snapshot.Regions.SelectMany(region => region.Silos).Where(silo => silo.Answers);

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number:N0} {what}s";

    private static string Rate(double perSecond) => perSecond >= 10 ? $"{perSecond:N0}" : $"{perSecond:0.#}";

    private static string Sentence(string text) => text.EndsWith('.') ? text : $"{text}.";
}
