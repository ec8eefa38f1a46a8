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
}
