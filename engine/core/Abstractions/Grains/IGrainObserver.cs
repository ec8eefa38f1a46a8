namespace Orleans;

/// <summary>Marks an interface of objects outside the cluster's grains that grains may call back.</summary>
public interface IGrainObserver : IAddressable;
