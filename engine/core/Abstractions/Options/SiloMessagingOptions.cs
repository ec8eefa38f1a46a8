namespace Orleans.Configuration;

/// <summary>How calls travel to and from silos.</summary>
public class SiloMessagingOptions : MessagingOptions;
