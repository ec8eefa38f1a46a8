namespace OrleansCache.Redis;

/// <summary>
/// Whose entries they are: those of one region of one cluster. Several clusters, and several regions, may share a server; none reads,
/// writes or removes what another one has there.
/// </summary>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="Region">The region.</param>
/// <param name="Secret">What entries are sealed with (<see cref="NodeOptions.EntrySecret"/>); empty for a checksum alone.</param>
internal sealed record EntryScope(string ClusterId, string Region, string Secret)
{
    /// <summary>The prefix of its keys.</summary>
    /// <param name="configured">What all caches on the server begin with.</param>
    public string KeyPrefix(string configured) =>
        // Escaped, since a colon would make one cluster's keys begin like another's, and braces choose a slot of a Redis Cluster.
        $"{configured}{Uri.EscapeDataString(ClusterId)}:{Region}:";
}
