using OrleansCache.LocalClusters;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Faults;

/// <summary>Faults of the network between the regions.</summary>
internal static class NetworkFaults
{
    /// <summary>The target of faults of all links.</summary>
    public const string AllLinks = "all links";

    private const double ManyLost = 0.05;

    /// <summary>The target of faults of one link.</summary>
    public static string Link(string one, string other) => $"{one}-{other}";

    /// <summary>Whether it is such a fault.</summary>
    public static bool Has(Fault fault) =>
        fault == Fault.CutLink || fault == Fault.CutOneWay || fault == Fault.IsolateRegion || fault == Fault.LosePackets;

    /// <summary>Begins a fault.</summary>
    public static void Begin(DistantNetwork network, Fault fault, string target)
    {
        if (fault == Fault.IsolateRegion)
            network.Isolate(target);
        else if (fault == Fault.LosePackets)
            network.SetLoss(ManyLost);
        else if (fault == Fault.CutOneWay)
            network.CutOneWay(Ends(target).One, Ends(target).Other);
        else
            network.Cut(Ends(target).One, Ends(target).Other);
    }

    /// <summary>Ends a fault, and others of the same links with it.</summary>
    public static void End(DistantNetwork network, Fault fault, string target)
    {
        if (fault == Fault.IsolateRegion)
            network.Heal();
        else if (fault == Fault.LosePackets)
            network.SetLoss(0);
        else
            network.Heal(Ends(target).One, Ends(target).Other);
    }

    private static (string One, string Other) Ends(string link) => link.Split('-') is [var one, var other]
        ? (one, other)
        : throw new ArgumentException($"\"{link}\" is no link.", nameof(link));
}
