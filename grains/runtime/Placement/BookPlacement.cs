using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a book grain on the silo of its region that comes first in the order of its key, or at the rank that it names.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookPlacement")]
internal sealed class BookPlacement : ComputedPlacement;

/// <inheritdoc cref="BookPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BookPlacementAttribute() : PlacementAttribute(new BookPlacement());
