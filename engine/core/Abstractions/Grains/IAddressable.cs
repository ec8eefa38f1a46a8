namespace Orleans.Runtime;

/// <summary>Anything that calls can be addressed to: a grain, an observer, or a reference to either.</summary>
public interface IAddressable;
