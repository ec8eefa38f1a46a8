using OrleansCache.Engine.References;

namespace Orleans.Runtime;

/// <summary>Stands for a grain or an observer wherever that is; its calls travel there.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(ReferenceShared shared, GrainId grainId) => (Shared, GrainId) = (shared, grainId);

    /// <summary>Who is called.</summary>
    public GrainId GrainId { get; }

    /// <summary>The interface that this reference has.</summary>
    public virtual string InterfaceName => Shared.InterfaceName;

    internal ReferenceShared Shared { get; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => $"{InterfaceName}:{GrainId}";

    /// <summary>Tells whether two references stand for the same grain.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1 is null ? reference2 is null : reference1.Equals(reference2);

    /// <summary>Tells whether two references stand for different grains.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);
}
