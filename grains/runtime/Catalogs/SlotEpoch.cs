namespace OrleansCache.Catalogs;

/// <summary>Under which epoch an owner of a slot writes. An epoch ends when the next owner has raised it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Epoch">The epoch, from 1, as <see cref="ICatalog.RaiseEpochsAsync"/> has returned it.</param>
public readonly record struct SlotEpoch(int Slot, long Epoch);
