# SPDX-License-Identifier: GPL-2.0
# says: a device with an active high chip select is accepted
#
# virtio_spi_read_config() takes "can do CPOL 0" for "can do CS_HIGH".

. "$LAB_GUEST/lib.sh"
SPI_CS_HIGH=4
lab_plug
if spi_new_device spidev 1000000 $SPI_CS_HIGH; then
	echo "a device with an active high chip select is accepted, which the controller does not offer"
fi
