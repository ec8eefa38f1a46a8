namespace Orleans.Runtime;

/// <summary>A silo as the cluster knows it.</summary>
public sealed class ClusterMember : IEquatable<ClusterMember>
{
    /// <summary>Makes a member.</summary>
    /// <param name="siloAddress">The silo's address.</param>
    /// <param name="status">The stage of its life.</param>
    /// <param name="name">Its name.</param>
    public ClusterMember(SiloAddress siloAddress, SiloStatus status, string name) => (SiloAddress, Status, Name) = (siloAddress, status, name);

    /// <summary>The silo's address.</summary>
    public SiloAddress SiloAddress { get; }

    /// <summary>The stage of the silo's life.</summary>
    public SiloStatus Status { get; }

    /// <summary>The silo's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public bool Equals(ClusterMember? other) =>
        other is not null && SiloAddress.Equals(other.SiloAddress) && Status == other.Status && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClusterMember);

    /// <inheritdoc/>
    public override int GetHashCode() => SiloAddress.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"{SiloAddress}/{Name}/{Status}";
}
