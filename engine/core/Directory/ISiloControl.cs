namespace OrleansCache.Engine.Directory;

/// <summary>What silos ask each other.</summary>
[Alias("OrleansCache.Engine.ISiloControl")]
internal interface ISiloControl : IAddressable
{
    /// <summary>Where the grain is.</summary>
    [Alias("Lookup")]
    ValueTask<DirectoryReply> LookupAsync(long version, GrainId grain);

    /// <summary>Enters an activation unless another one is entered; answers with the one that is.</summary>
    [Alias("Register")]
    ValueTask<DirectoryReply> RegisterAsync(long version, GrainId grain, SiloAddress silo, long activation);

    /// <summary>Removes an activation, if it is the one that is entered.</summary>
    [Alias("Unregister")]
    ValueTask<DirectoryReply> UnregisterAsync(long version, GrainId grain, SiloAddress silo, long activation);

    /// <summary>The activations of the asked silo whose entries the keeper keeps on this ring. Rests on at least this version of the membership.</summary>
    [Alias("ListActivations")]
    ValueTask<RegisteredActivation[]> ListActivationsAsync(long version, SiloAddress[] ring, SiloAddress keeper);

    /// <summary>Whether the client is connected to the asked silo.</summary>
    [Alias("HasClient")]
    ValueTask<bool> HasClientAsync(string clientId);

    /// <summary>Whether the asked silo is running. Answers with the version of the membership that it is at; the asker's is this one.</summary>
    [Alias("Probe")]
    ValueTask<long> ProbeAsync(long version, CancellationToken token);

    /// <summary>Tells of a new state of the membership.</summary>
    [Orleans.Concurrency.OneWay]
    [Alias("Announce")]
    ValueTask AnnounceAsync(string membership);

    /// <summary>The membership as the asked silo knows it.</summary>
    [Alias("GetMembership")]
    ValueTask<string> GetMembershipAsync(CancellationToken token);

    /// <summary>The membership table that the asked silo holds as the primary one.</summary>
    [Alias("ReadTable")]
    ValueTask<string> ReadTableAsync(CancellationToken token);

    /// <summary>Replaces what is in that table; false when it is not at the expected version.</summary>
    [Alias("WriteTable")]
    ValueTask<bool> WriteTableAsync(string membership, long expected, CancellationToken token);
}
