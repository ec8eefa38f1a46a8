namespace OrleansCache.Silo.Configuration;

/// <summary>How silos find each other, and how soon they notice that one is gone.</summary>
public sealed class ClusteringSettings
{
    /// <summary>The connection string of the Redis that holds the membership table. Empty: the silos of one machine find each other without Redis.</summary>
    public string Redis { get; set; } = "";

    /// <summary>Without Redis: <c>host:port</c> of the silo port of the silo that was started first. Empty: this silo is the first one.</summary>
    public string Primary { get; set; } = "";

    /// <summary>How long a silo may take to answer a probe, and how often it is probed.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How many probes in a row must fail before a silo votes for another one's death.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>How many votes declare a silo dead; in a cluster of two silos one is enough.</summary>
    public int Votes { get; set; } = 2;
}
